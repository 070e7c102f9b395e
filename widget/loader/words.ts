/**
 * The few sentences that stand in the customer's own page, before the checkpoint's frame can speak for itself. The loader
 * carries one language: the build for another one puts its folder in place of `en`.
 */
export * from '../texts/en/loader.ts'
