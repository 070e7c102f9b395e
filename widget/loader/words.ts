/**
 * The few sentences that stand in the customer's own page, before the checkpoint's frame can speak for itself. They are
 * here and not with the other texts because the loader carries nothing it does not need.
 */
const en = {
  title: 'A short check before you go on',
  close: 'Close',
  opening: 'Opening the check.',
  slow: 'This takes longer than usual. You can wait, or:',
  unreachable: 'We can’t reach the check right now. Nothing was sent.',
  elsewhere: 'Finish in the new tab, then come back here.',
  retry: 'Try again',
  done: 'I have finished',
  fullPage: 'Open it as a full page',
}
export type Words = typeof en

const languages: Record<string, Words> = { en }

/** The words of a BCP 47 tag, by default the page's `lang`; English where we have no others. */
export const wordsFor = (language: string | undefined): Words =>
  languages[(language ?? document.documentElement.lang).toLowerCase().split('-')[0] ?? ''] ?? en
