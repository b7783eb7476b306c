# The same numbers by R and its recommended package MASS, as an oracle for the statistics room.
# Reads one request per line: id, case, then name=1,2,3 fields, all tab-separated; answers id, then name=1,2,3 fields.

continuous <- function(cdf, quantile, x, p) {
  list(cdf = cdf(x), upper = cdf(x, lower.tail = FALSE), quantile = quantile(p))
}

cases <- list(
  normal = function(x, p) continuous(pnorm, qnorm, x, p),
  t = function(x, df, p) continuous(function(...) pt(..., df = df), function(p) qt(p, df), x, p),
  chi_square = function(x, df, p) continuous(function(...) pchisq(..., df = df), function(p) qchisq(p, df), x, p),
  f = function(x, df1, df2, p) {
    continuous(function(...) pf(..., df1 = df1, df2 = df2), function(p) qf(p, df1, df2), x, p)
  },
  beta = function(x, a, b, p) {
    continuous(function(...) pbeta(..., shape1 = a, shape2 = b), function(p) qbeta(p, a, b), x, p)
  },
  gamma = function(x, shape, p) {
    continuous(function(...) pgamma(..., shape = shape), function(p) qgamma(p, shape), x, p)
  },
  binomial = function(k, n, p) list(cdf = pbinom(k, n, p), pmf = dbinom(k, n, p)),
  poisson = function(k, mean) list(cdf = ppois(k, mean), pmf = dpois(k, mean)),
  share = function(successes, n, confidence) {
    list(
      wilson = prop.test(successes, n, conf.level = confidence, correct = FALSE)$conf.int,
      exact = binom.test(successes, n, conf.level = confidence)$conf.int
    )
  },
  welch = function(a, b) {
    test <- t.test(a, b)
    list(t = test$statistic, df = test$parameter, p = test$p.value, limits = test$conf.int)
  },
  multiple = function(p) list(holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH")),
  ols = function(width, rows) {
    data <- matrix(rows, ncol = width, byrow = TRUE)
    fit <- summary(lm(data[, width] ~ data[, -width]))
    table <- fit$coefficients
    list(coefficients = table[, 1], se = table[, 2], p = table[, 4], r2 = fit$r.squared)
  },
  lmg = function(width, rows) {
    r <- cor(matrix(rows, ncol = width, byrow = TRUE))
    p <- width - 1
    r2 <- function(s) if (length(s) == 0) 0 else drop(r[s, width] %*% solve(r[s, s, drop = FALSE], r[s, width]))
    weights <- sapply(seq_len(p), function(i) {
      others <- setdiff(seq_len(p), i)
      mean(sapply(0:(p - 1), function(size) {
        chosen <- combn(length(others), size, simplify = FALSE)
        mean(sapply(chosen, function(s) r2(c(others[s], i)) - r2(others[s])))
      }))
    })
    list(weights = weights)
  },
  relative_weights = function(width, rows) {
    r <- cor(matrix(rows, ncol = width, byrow = TRUE))
    e <- eigen(r[-width, -width], symmetric = TRUE)
    root <- e$vectors %*% diag(sqrt(e$values), nrow = width - 1) %*% t(e$vectors)
    list(weights = root^2 %*% solve(root, r[-width, width])^2)
  },
  logit = function(x, counts, categories) {
    outcome <- matrix(counts, ncol = 2, byrow = TRUE)[, 2:1]
    fit <- glm(outcome ~ matrix(x, ncol = 2, byrow = TRUE), family = binomial, control = list(epsilon = 1e-14))
    table <- summary(fit)$coefficients
    list(coefficients = table[, 1], se = table[, 2])
  },
  ordinal_logit = function(x, counts, categories) {
    x <- matrix(x, ncol = 2, byrow = TRUE)
    k <- categories
    data <- data.frame(u = rep(x[, 1], each = k), v = rep(x[, 2], each = k), n = counts)
    data$y <- factor(rep(seq_len(k), nrow(x)), ordered = TRUE)
    fit <- MASS::polr(y ~ u + v, data = data, weights = n, Hess = TRUE, control = list(reltol = 1e-14))
    list(coefficients = coef(fit), thresholds = fit$zeta, se = sqrt(diag(vcov(fit)))[1:2])
  },
  stl = function(values, period) {
    fit <- stl(ts(values, frequency = period), s.window = 7, s.degree = 1, inner = 5,
      s.jump = 1, t.jump = 1, l.jump = 1)
    parts <- fit$time.series
    list(seasonal = parts[, "seasonal"], trend = parts[, "trend"])
  },
  mantel_haenszel = function(tables) {
    rows <- matrix(tables, ncol = 4, byrow = TRUE)
    arrays <- array(t(rows[, c(1, 3, 2, 4)]), dim = c(2, 2, nrow(rows)))
    test <- mantelhaen.test(arrays)
    n <- rowSums(rows)
    a <- rows[, 1] * (rows[, 2] + rows[, 4]) / n
    b <- rows[, 2] * (rows[, 1] + rows[, 3]) / n
    list(odds = c(test$estimate, test$conf.int), risk = sum(a) / sum(b), test = c(test$statistic, test$p.value))
  },
  mean_power = function(n, difference, alpha) {
    list(power = power.t.test(n, difference, 1, alpha)$power)
  },
  isotonic = function(scores, n, positives) {
    ends <- cumsum(n)
    list(fitted = isoreg(rep(positives / n, n))$yf[ends])
  },
  auc = function(scores, positives, n) {
    up <- rep(scores, positives)
    down <- rep(scores, n - positives)
    list(area = wilcox.test(up, down, exact = FALSE)$statistic / length(up) / length(down))
  },
  probability_above_beta = function(parameters) {
    p <- parameters
    inside <- function(x) dbeta(x, p[1], p[2]) * pbeta(x, p[3], p[4])
    list(probability = integrate(inside, 0, 1, rel.tol = 1e-10, subdivisions = 1000)$value)
  },
  did_changes = function(treated, control) {
    change <- function(values) diff(matrix(values, nrow = 2))[1, ]
    test <- t.test(change(treated), change(control))
    value <- mean(change(treated)) - mean(change(control))
    list(effect = c(value, test$p.value, test$conf.int, test$parameter))
  }
)

for (line in readLines(file("stdin"))) {
  fields <- strsplit(line, "\t")[[1]]
  named <- strsplit(fields[-(1:2)], "=")
  values <- lapply(named, function(field) as.numeric(strsplit(field[2], ",")[[1]]))
  names(values) <- sapply(named, `[`, 1)
  result <- suppressWarnings(do.call(cases[[fields[2]]], values))
  texts <- sapply(names(result), function(name) {
    paste0(name, "=", paste(sprintf("%.17g", as.numeric(result[[name]])), collapse = ","))
  })
  cat(paste(c(fields[1], texts), collapse = "\t"), "\n", sep = "")
}
