/** Correlation matrices of published examples, shared by the known-answer tables of this family. */
import type { Correlations } from './correlations.ts'

/** A full symmetric matrix from its rows right of the diagonal. */
function symmetric(upper: readonly (readonly number[])[]): number[][] {
  const p = upper.length + 1
  return Array.from({ length: p }, (_, i) =>
    Array.from({ length: p }, (_unused, j) =>
      i === j ? 1 : (upper[Math.min(i, j)]?.[Math.abs(i - j) - 1] ?? 0),
    ),
  )
}

/** Correlations from rows whose first column is the outcome. */
export function correlationsOfRows(rows: readonly (readonly number[])[]): Correlations {
  const columns = (rows[0] ?? []).map((_, j) => rows.map((row) => row[j] ?? 0))
  const centred = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length
    const off = column.map((value) => value - mean)
    const length = Math.hypot(...off)
    return off.map((value) => value / length)
  })
  const all = centred.map((a) =>
    centred.map((b) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)),
  )
  return { drivers: all.slice(1).map((row) => row.slice(1)), outcome: (all[0] ?? []).slice(1) }
}

/** Azen & Budescu 2003, four predictors. */
export const azenBudescu: Correlations = {
  drivers: symmetric([[0.8, 0.1, 0.3], [0.1, 0.1], [0.5]]),
  outcome: [0.6, 0.3, 0.4, 0.5],
}

/** SES, IQ and need for achievement on grade point average. */
export const gradePoints: Correlations = {
  drivers: symmetric([[0.3, 0.41], [0.16]]),
  outcome: [0.33, 0.57, 0.5],
}

/** The relWt example of the R package iopsych, with negative correlations. */
export const iopsych: Correlations = {
  drivers: symmetric([[0.2, 0.3, 0.4], [0.5, 0.1], [0.2]]),
  outcome: [-0.4, 0.1, -0.3, 0.4],
}

/** mtcars: mpg on cyl, disp, hp, gear. */
export const mtcarsGear: Correlations = {
  drivers: symmetric([[0.90203287, 0.83244745, -0.4926866], [0.79094859, -0.5555692], [-0.12570426]]),
  outcome: [-0.85216196, -0.84755138, -0.77616837, 0.48028476],
}

/** mtcars: mpg on cyl, disp, hp, wt. */
export const mtcarsWeight: Correlations = {
  drivers: symmetric([[0.90203287, 0.83244745, 0.78249579], [0.79094859, 0.88797992], [0.65874789]]),
  outcome: [-0.85216196, -0.84755138, -0.77616837, -0.86765938],
}

/** swiss: Fertility on Agriculture, Examination, Education, Catholic, Infant.Mortality. */
export const swiss: Correlations = {
  drivers: symmetric([
    [-0.6865422, -0.6395225, 0.4010951, -0.0608586],
    [0.6984153, -0.5727418, -0.1140216],
    [-0.1538589, -0.0993218],
    [0.1754959],
  ]),
  outcome: [0.3530792, -0.6458827, -0.6637889, 0.4636847, 0.416556],
}

/** attitude (Chatterjee & Price): rating, complaints, privileges, learning, raises, critical, advance. */
export const attitudeRows: readonly (readonly number[])[] = `
43/51/30/39/61/92/45 63/64/51/54/63/73/47 71/70/68/69/76/86/48 61/63/45/47/54/84/35 81/78/56/66/71/83/47 43/55/49/44/54/49/34
58/67/42/56/66/68/35 71/75/50/55/70/66/41 72/82/72/67/71/83/31 67/61/45/47/62/80/41 64/53/53/58/58/67/34 67/60/47/39/59/74/41
69/62/57/42/55/63/25 68/83/83/45/59/77/35 77/77/54/72/79/77/46 81/90/50/72/60/54/36 74/85/64/69/79/79/63 65/60/65/75/55/80/60
65/70/46/57/75/85/46 50/58/68/54/64/78/52 50/40/33/34/43/64/33 64/61/52/62/66/80/41 53/66/52/50/63/80/37 40/37/42/58/50/57/49
63/54/42/48/66/75/33 66/77/66/63/88/76/72 78/75/58/74/80/78/49 48/57/44/45/51/83/38 85/85/71/71/77/74/55 82/82/39/59/64/78/39`
  .trim()
  .split(/\s+/)
  .map((row) => row.split('/').map(Number))

/** longley: Employed on GNP.deflator, GNP, Unemployed, Armed.Forces, Population, Year. */
export const longleyRows: readonly (readonly number[])[] = [
  [60.323, 83, 234.289, 235.6, 159, 107.608, 1947],
  [61.122, 88.5, 259.426, 232.5, 145.6, 108.632, 1948],
  [60.171, 88.2, 258.054, 368.2, 161.6, 109.773, 1949],
  [61.187, 89.5, 284.599, 335.1, 165, 110.929, 1950],
  [63.221, 96.2, 328.975, 209.9, 309.9, 112.075, 1951],
  [63.639, 98.1, 346.999, 193.2, 359.4, 113.27, 1952],
  [64.989, 99, 365.385, 187, 354.7, 115.094, 1953],
  [63.761, 100, 363.112, 357.8, 335, 116.219, 1954],
  [66.019, 101.2, 397.469, 290.4, 304.8, 117.388, 1955],
  [67.857, 104.6, 419.18, 282.2, 285.7, 118.734, 1956],
  [68.169, 108.4, 442.769, 293.6, 279.8, 120.445, 1957],
  [66.513, 110.8, 444.546, 468.1, 263.7, 121.95, 1958],
  [68.655, 112.6, 482.704, 381.3, 255.2, 123.366, 1959],
  [69.564, 114.2, 502.601, 393.1, 251.4, 125.368, 1960],
  [69.331, 115.7, 518.173, 480.6, 257.2, 127.852, 1961],
  [70.551, 116.9, 554.894, 400.7, 282.7, 130.081, 1962],
]

/** Nine rows of the key-driver-analysis README: y, age, salary, cars. */
export const nineRows: readonly (readonly number[])[] = [
  [10, 40, 123, 1],
  [3, 50, 4423, 3],
  [5, 60, 56563, 4],
  [65, 10, 75545, 2],
  [34, 20, 2345, 1],
  [6, 30, 2346, 3],
  [21, 7, 5534, 5],
  [76, 80, 775, 3],
  [9, 90, 34345, 2],
]
