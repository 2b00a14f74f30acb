# Makes risk.csv: generalised Pareto tails of the Danish fire losses by fpot (R 4.2.2, evd 2.3-6.1).
# Run: Rscript risk.R danish_fire.csv > risk.csv
losses <- read.csv(commandArgs(TRUE)[1])[[1]]
rows <- lapply(c(5, 10, 20), function(u) {
  fit <- evd::fpot(losses, u)
  data.frame(threshold = u, exceedances = sum(losses > u), scale = fit$estimate[["scale"]],
             shape = fit$estimate[["shape"]], shape_error = fit$std.err[["shape"]])
})
write.csv(format(do.call(rbind, rows), digits = 7), row.names = FALSE, quote = FALSE)
