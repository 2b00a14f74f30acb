# Makes segments.csv: kmeans of R 4.2.2 on USArrests, z-scores with n - 1, 50 starts, for 2 to 5 groups.
# Run: Rscript segments.R > segments.csv
set.seed(1)
rows <- lapply(2:5, function(k) {
  fit <- kmeans(scale(USArrests), k, nstart = 50, iter.max = 50)
  data.frame(groups = k, within = paste(sprintf("%.6f", sort(fit$withinss)), collapse = " "),
             sizes = paste(sort(fit$size), collapse = " "), between = sprintf("%.8f", fit$betweenss / fit$totss))
})
write.csv(do.call(rbind, rows), row.names = FALSE, quote = FALSE)
