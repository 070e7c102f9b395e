/**
 * The few sentences that stand in the customer's own page, before the checkpoint's frame can speak for itself. They are
 * here and not with the other texts because the loader carries nothing it does not need: another language would not fit
 * beside this one, and has to replace it.
 */
export const title = 'A short check before you go on'
export const close = 'Close'
export const opening = 'Opening the check.'
export const slow = 'This takes longer than usual. You can wait, or:'
export const unreachable = 'We can’t reach the check right now. Nothing was done.'
export const elsewhere = 'Finish in the new tab, then come back here.'
export const retry = 'Try again'
export const done = 'I have finished'
export const fullPage = 'Open it as a full page'
