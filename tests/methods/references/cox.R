# Makes cox.csv: Cox models with covariates that vary in time by coxph (R 4.2.2, survival 3.5.3) of the set heart of
# survival: the Stanford heart transplants, times in days, half days where two events would fall together.
# Run: Rscript cox.R > cox.csv
library(survival)
set <- heart[, c("id", "start", "stop", "event", "age", "transplant")]
set$transplant <- as.integer(as.character(set$transplant))
fit <- summary(coxph(Surv(start, stop, event) ~ age + transplant, set, ties = "efron"))$coefficients
for (name in rownames(fit)) {
  set[[paste0(name, "_coef")]] <- sprintf("%.9f", fit[name, "coef"])
  set[[paste0(name, "_se")]] <- sprintf("%.9f", fit[name, "se(coef)"])
}
write.csv(set, row.names = FALSE, quote = FALSE)
