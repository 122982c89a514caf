# Fills tests/aberration/oracle.json with what R's `surveillance` finds in the series of that file.
# Run once, by hand: Rscript tests/aberration/oracle.R   (Debian: r-cran-surveillance 1.20.3, r-cran-jsonlite)
# The series are drawn, not taken from the package; the tests read the numbers only and need no R.
suppressMessages({library(surveillance); library(jsonlite)})
path <- "tests/aberration/oracle.json"
oracle <- fromJSON(path, simplifyVector = FALSE)
numbers <- function(x) as.numeric(unlist(x))

found <- function(s) {
  population <- matrix(if (is.null(s$at_risk)) rep(1, length(s$counts)) else numbers(s$at_risk))
  series <- sts(observed = matrix(numbers(s$counts)), frequency = 52, population = population)
  range <- s$first:s$last
  ff <- suppressWarnings(farringtonFlexible(series, control = list(
    range = range, b = s$years, w = 3, reweight = TRUE, weightsThreshold = 2.58, alpha = 0.01, trend = TRUE,
    pThresholdTrend = 1, limit54 = c(0, 4), noPeriods = 10, pastWeeksNotIncluded = 26, thresholdMethod = "nbPlugin",
    populationOffset = !is.null(s$at_risk))))
  ears <- function(method) as.numeric(earsC(series, control = list(method = method, range = range))@upperbound)
  list(mu = ff@control$mu0Vector[, 1], phi = ff@control$phiVector[, 1], bound = as.numeric(ff@upperbound),
       C1 = ears("C1"), C2 = ears("C2"))
}

oracle$series <- lapply(oracle$series, function(s) { s$found <- found(s); s })
write(toJSON(oracle, digits = 8, auto_unbox = TRUE), path)
