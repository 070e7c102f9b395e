import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own with little room, which can be filled to the last byte and emptied again. */
export type SmallDisk = {
  path: string
  /** To the last byte, or leaving so many. */
  fill(leaving?: number): void
  makeRoom(): void
  remove(): void
}

/**
 * Mounts one of so many bytes, in memory. Null where that can't be done: it takes Linux and root. There, a test must say
 * loudly what it left out.
 */
export const mountSmallDisk = (bytes: number): SmallDisk | null => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const path = mkdtempSync(join(tmpdir(), 'ase-disk-'))
  const options = `size=${bytes},mode=0700`
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status !== 0) {
    rmSync(path, { recursive: true })
    return null
  }
  const filler = join(path, 'filler')
  return {
    path,
    fill: (leaving = 0) => {
      for (const size of [64 * 1024, 4096, 1]) fillBy(filler, size)
      truncateSync(filler, statSync(filler).size - leaving)
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remove: () => {
      execFileSync('umount', ['--lazy', path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}

const fillBy = (file: string, size: number): void => {
  const chunk = Buffer.alloc(size, 7)
  try {
    for (;;) appendFileSync(file, chunk)
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ENOSPC')) throw fault
  }
}
