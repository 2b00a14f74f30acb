# Makes network.csv: igraph 1.3.5 (R 4.2.2) on Zachary's karate club and on Feld's eight girls.
# Run: Rscript network.R > network.csv
library(igraph)
set.seed(1)
girls <- graph_from_literal(B-S, S-A, S-P, S-D, A-J, A-P, A-D, P-C, D-J, C-T)
club <- make_graph("Zachary")
line <- function(name, g) {
  d <- degree(g)
  friends <- sapply(V(g), function(v) mean(d[neighbors(g, v)]))
  data.frame(set = name, people = vcount(g), ties = ecount(g), pooled = sum(d^2) / sum(d), per_person = mean(friends),
             below = mean(friends > d), pairs_near = assortativity_degree(g), transitivity = transitivity(g),
             clustering = transitivity(g, "average", isolates = "zero"), mean_path = mean_distance(g),
             diameter = diameter(g),
             modularity = max(replicate(200, modularity(cluster_louvain(g)))))
}
write.csv(format(rbind(line("girls", girls), line("club", club)), digits = 10), row.names = FALSE, quote = FALSE)
