/** A step in an analyst's words. */
export type StepWords = {
  /** Above what was shown and answered. */
  title: string
  /** Where there is room for one word. */
  short: string
  /** Its answers, for a step that asks for one of a few. */
  answers?: Readonly<Record<string, string>>
  /** What it sends to the person. */
  message?: string
}
