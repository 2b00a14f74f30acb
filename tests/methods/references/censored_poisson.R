# Makes censored_poisson.csv: the likelihood of a censored Poisson regression written out and maximised by R's own optim,
# with numerical derivatives throughout (R 4.2.2). A deal of a given size that is full tells of at least size - 1 friends.
# The rows are the deals; the columns from `log_` on repeat the estimates and their sandwich errors.
# Run: Rscript censored_poisson.R > censored_poisson.csv
set.seed(32)
n <- 240
size <- sample(c(2, 3, 5), n, TRUE)
hours <- sample(c(12, 24), n, TRUE)
rewarded <- rbinom(n, 1, 0.5)
night <- rbinom(n, 1, 0.3)
came <- rpois(n, ifelse(hours == 12, 1.6, 2.3) * 1.25^rewarded * 0.7^night)
joined <- 1 + pmin(came, size - 1)

each <- function(b) {
  mean <- exp(ifelse(hours == 12, b[1], b[2]) + b[3] * rewarded + b[4] * night)
  ifelse(joined == size, ppois(size - 2, mean, lower.tail = FALSE, log.p = TRUE), dpois(joined - 1, mean, log = TRUE))
}
found <- optim(c(0, 0, 0, 0), function(b) -sum(each(b)), method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))
b <- optim(found$par, function(b) -sum(each(b)), method = "BFGS", control = list(reltol = 1e-16))$par
bread <- solve(optimHess(b, function(b) -sum(each(b)), control = list(ndeps = rep(1e-4, 4))))
scores <- sapply(1:4, function(i) {
  step <- replace(numeric(4), i, 1e-5)
  (each(b + step) - each(b - step)) / 2e-5
})
error <- sqrt(diag(bread %*% crossprod(scores) %*% bread))
answers <- c(b, error)
names(answers) <- c(paste0("log_", c("h12", "h24", "rewarded", "night")), paste0("se_", c("h12", "h24", "rewarded", "night")))
write.csv(cbind(data.frame(size, limit_hours = hours, rewarded, night, joined), t(round(answers, 6))),
          row.names = FALSE, quote = FALSE)
