# Makes log_rank.csv: log-rank tests by survdiff (R 4.2.2, survival) of the set gehan (of MASS): remission in weeks of 42
# patients in pairs, one of each pair with 6-MP. By treatment, and by pair modulo 3 (three groups).
# Run: Rscript log_rank.R > log_rank.csv
library(survival)
set <- MASS::gehan
set$third <- set$pair %% 3
for (by in c("treat", "third")) {
  fit <- survdiff(as.formula(paste("Surv(time, cens) ~", by)), set)
  set[[paste0(by, "_chisq")]] <- sprintf("%.9f", fit$chisq)
}
write.csv(set, row.names = FALSE, quote = FALSE)
