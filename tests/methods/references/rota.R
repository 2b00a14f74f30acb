# Makes rota.csv: weekly rotas by lpSolve (R 4.2.2): the cheapest cost in whole people, and if people could be split.
# Run: Rscript rota.R > rota.csv
week <- function(on) sapply(0:6, function(begin) as.numeric((0:6 - begin) %% 7 < on))
post <- c(17, 13, 15, 19, 14, 16, 11)
cases <- list(list(post, 5, rep(1, 7)), list(post, 5, c(500, 600, 800, 800, 800, 800, 700)), list(post, 4, rep(1, 7)),
              list(c(4, 4, 4, 4, 9, 12, 12), 5, c(5, 5, 5, 6, 7, 7, 6)), list(c(3, 0, 8, 2, 9, 1, 7), 3, 7:1))
rows <- lapply(cases, function(case) {
  solve <- function(...) lpSolve::lp("min", case[[3]], week(case[[2]]), rep(">=", 7), case[[1]], ...)$objval
  data.frame(need = paste(case[[1]], collapse = " "), on = case[[2]], price = paste(case[[3]], collapse = " "),
             cost = solve(all.int = TRUE), bound = sprintf("%.6f", solve()))
})
write.csv(do.call(rbind, rows), row.names = FALSE, quote = FALSE)
