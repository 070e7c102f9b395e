/** The most that a page may have to load, in gzip bytes (level 9). A build beyond it fails. */
export const budgetGzipBytes: Record<string, number> = { loader: 4_000, frame: 16_000 }

/** Null within the budget, else the sentence that says by how much it was missed. */
export const overBudget = (bundle: string, gzipBytes: number): string | null => {
  const most = budgetGzipBytes[bundle]
  if (most === undefined || gzipBytes <= most) return null
  return `${bundle}: ${gzipBytes} B gzip, ${gzipBytes - most} B beyond its budget of ${most} B`
}
