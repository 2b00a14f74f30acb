# Makes synthetic.csv: weights of a synthetic control by quadprog's solve.QP (R 4.2.2, quadprog 1.5-8).
# Units: t + 10 sin(k t / 7) / k for donors k = 1 .. 6, t = 1 .. 20; the treated one lies between, with a wobble.
# Run: Rscript synthetic.R > synthetic.csv
t <- 1:20
donors <- sapply(1:6, function(k) t + 10 * sin(k * t / 7) / k)
treated <- t + 4 * sin(t / 7) + 2 * sin(3 * t / 7) + cos(11 * t)
A <- cbind(rep(1, 6), diag(6))
fit <- quadprog::solve.QP(t(donors) %*% donors, t(donors) %*% treated, A, c(1, rep(0, 6)), meq = 1)
write.csv(data.frame(donor = 1:6, weight = sprintf("%.8f", pmax(fit$solution, 0))), row.names = FALSE, quote = FALSE)
