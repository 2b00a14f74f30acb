# Makes seasons.csv: R's stl of its series nottem (R 4.2.2; stl is Cleveland's own Fortran).
# Run: Rscript seasons.R > seasons.csv
parts <- stl(nottem, s.window = 7, t.window = 51, l.window = 13, s.degree = 0, t.degree = 1, l.degree = 1,
             s.jump = 1, t.jump = 1, l.jump = 1, inner = 2, outer = 0)$time.series
robust <- stl(nottem, s.window = 11, t.window = 23, l.window = 13, s.degree = 1, s.jump = 1, t.jump = 1, l.jump = 1,
              robust = TRUE)$time.series
write.csv(data.frame(value = as.numeric(nottem), season = parts[, 1], trend = parts[, 2], rest = parts[, 3],
                     robust_season = robust[, 1], robust_trend = robust[, 2]), row.names = FALSE, quote = FALSE)
