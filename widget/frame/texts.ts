/**
 * The sentences of the frame. It carries one language: the build for another one puts its folder in place of `en`.
 */
export { screens as texts } from '../texts/en/screens.ts'
