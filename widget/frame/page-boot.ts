import { pageBoot } from '#contract/page-boot'

/** What the server wrote into this page; null where there is nothing to take over, or it was made by another version. */
export const readPageBoot = () => {
  const source = document.getElementById('view')?.textContent
  if (!source) return null
  const parsed = pageBoot.safeParse(JSON.parse(source))
  return parsed.success ? parsed.data : null
}
