import { counted } from '../grammar.ts'

export const pause = {
  heading: 'Take a moment.',
  explanation: 'Whoever is real can wait. Scammers hurry.',
  wait: counted({
    one: (seconds) => `You can go on after ${seconds} second.`,
    other: (seconds) => `You can go on after ${seconds} seconds.`,
  }),
  continue: 'Continue',
  continueIn: (seconds: number) => `Continue in ${seconds}`,
  over: 'You can continue now.',
  errors: { pause_not_over: 'A little longer, please. Nothing is lost.' },
}
