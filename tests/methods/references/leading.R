# Makes leading.csv: R 4.2.2 on BJsales and BJsales.lead: arima(0, 1, 1) of the lead, both series filtered by it, ccf.
# Run: Rscript leading.R > leading.csv
fit <- arima(as.numeric(BJsales.lead), order = c(0, 1, 1))
white <- function(y) as.numeric(filter(diff(as.numeric(y)), -coef(fit), method = "recursive"))
cross <- ccf(white(BJsales.lead), white(BJsales), lag.max = 15, plot = FALSE)
keep <- cross$lag <= 0
write.csv(data.frame(lag = -cross$lag[keep], correlation = sprintf("%.7f", cross$acf[keep]),
                     ma = sprintf("%.5f", coef(fit)), ma_error = sprintf("%.4f", sqrt(fit$var.coef)),
                     variance = sprintf("%.6f", fit$sigma2)), row.names = FALSE, quote = FALSE)
