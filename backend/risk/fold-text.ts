/** A text as people compare it: case, Unicode spelling and blanks at the ends make no difference. */
export const foldText = (text: string): string => text.normalize('NFKC').trim().toLowerCase()
