# Makes boundaries.csv: limits of group sequential tests, two-sided, alpha .05, by rpact 3.3.4 (R 4.2.2).
# Run: Rscript boundaries.R > boundaries.csv
kinds <- c(pocock = "P", obrien_fleming = "OF", spending = "asOF")
rows <- list()
for (kind in names(kinds)) for (looks in c(2, 3, 5, 8)) {
  limits <- rpact::getDesignGroupSequential(kMax = looks, alpha = .05, sided = 2, typeOfDesign = kinds[[kind]],
                                            tolerance = 1e-10)$criticalValues
  rows[[length(rows) + 1]] <- data.frame(kind = kind, looks = looks, look = seq_len(looks),
                                         limit = sprintf("%.6f", limits))
}
write.csv(do.call(rbind, rows), row.names = FALSE, quote = FALSE)
