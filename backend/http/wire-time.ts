/** Times on the wire are ISO 8601 in UTC; inside they are epoch milliseconds. */
export const wireTime = (ms: number): string => new Date(ms).toISOString()

export const wireTimeOrNull = (ms: number | null): string | null => (ms === null ? null : wireTime(ms))
