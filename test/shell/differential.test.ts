/** Our shell against the machine's bash, script by script. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SCRIPTS } from './scripts.ts'
import { runScript } from './testbed.ts'

const hasBash = spawnSync('bash', ['--version']).status === 0

function realBash(script: string): { stdout: string; stderr: string; status: number | null } {
  const cwd = mkdtempSync(join(tmpdir(), 'shell-'))
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root', LANG: 'C.UTF-8' }
  const ran = spawnSync('bash', ['-c', script], { cwd, env, input: '', encoding: 'utf8', timeout: 10_000 })
  rmSync(cwd, { recursive: true, force: true })
  return { stdout: ran.stdout, stderr: ran.stderr, status: ran.status }
}

describe.skipIf(!hasBash)('as bash does', () => {
  test.each(SCRIPTS)('%s', async (script) => {
    expect(await runScript(script)).toEqual(realBash(script))
  })
})
