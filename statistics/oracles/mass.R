# Writes statistics/drivers/mass.frozen.json: correlations of MASS::Boston (lower triangle, by columns) and cells of MASS::birthwt.
library(MASS)
args <- commandArgs(trailingOnly = TRUE)
r <- cor(Boston)
rows <- apply(birthwt[, c("low", "age", "lwt", "race", "smoke", "ptl", "ht", "ui")], 1, paste, collapse = ",")
cat(
  '{"source":"MASS, R 4.2.2","boston":[', paste(formatC(r[lower.tri(r)], digits = 15, format = "g"), collapse = ","),
  '],"birthwt":[[', paste(rows, collapse = "],["), "]]}\n",
  sep = "", file = if (length(args) > 0) args[1] else "statistics/drivers/mass.frozen.json"
)
print(coef(glm(low ~ age + lwt + factor(race) + smoke + ptl + ht + ui, binomial, birthwt)), digits = 8)
