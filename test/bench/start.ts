/**
 * How long the built program takes to its first frame and to the first echoed key, as ratios to bare Node, measured in
 * turns in one run. A frame counts when 200 printable characters of the course map are there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { spawn } from '@lydell/node-pty'

const CLI = resolve(import.meta.dirname, '../../dist/cli.js')
const CONTROL = /\u001b\[[0-9;?]*[A-Za-z]|\u001b[()=>]./g

export interface StartResult {
  readonly bareMs: number
  readonly firstFrameMs: number
  readonly firstKeyMs: number
  readonly firstFrameRatio: number
  readonly firstKeyRatio: number
}

export interface PtyRun {
  readonly args: readonly string[]
  readonly home: string
  /** Typed at once; the terminal keeps it until somebody reads. */
  readonly typed?: string
  readonly isDone: (printable: string) => boolean
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function surroundings(home: string): Record<string, string | undefined> {
  const { CI: _ci, NO_COLOR: _noColor, ...env } = process.env
  return { ...env, TERM: 'xterm-256color', DOCKER_NET_TUTOR_HOME: home }
}

/** Milliseconds until the output is what was waited for (or the program has ended). */
export function timePty({ args, home, typed = '', isDone }: PtyRun): Promise<number> {
  return new Promise((done, failed) => {
    const began = performance.now()
    const pty = spawn(process.execPath, [...args], { cols: 120, rows: 36, env: surroundings(home) })
    let output = ''
    let taken: number | null = null
    const limit = setTimeout(() => pty.kill('SIGKILL'), 20_000)
    if (typed !== '') pty.write(typed)
    pty.onData((data) => {
      output += data
      if (taken !== null || !isDone(output.replace(CONTROL, '').replace(/\s+/g, ''))) return
      taken = performance.now() - began
      pty.kill('SIGKILL')
    })
    pty.onExit(() => {
      clearTimeout(limit)
      const ended = performance.now() - began
      if (taken === null && args[0] === CLI) failed(new Error(`it never came:\n${output}`))
      else done(taken ?? ended)
    })
  })
}

export async function measureStart(runs = 9): Promise<StartResult> {
  const home = mkdtempSync(join(tmpdir(), 'dnt-bench-'))
  const bare: number[] = []
  const frames: number[] = []
  const keys: number[] = []
  try {
    for (let i = 0; i < runs; i++) {
      bare.push(await timePty({ args: ['-e', '0'], home, isDone: () => false }))
      frames.push(
        await timePty({
          args: [CLI],
          home,
          isDone: (text) => text.length >= 200 && text.includes('HOME') && text.includes('Sandbox'),
        }),
      )
      keys.push(
        await timePty({ args: [CLI, 'sandbox'], home, typed: 'q', isDone: (text) => /[#$]q/.test(text) }),
      )
      rmSync(join(home, 'sandbox-linux-20.10-1.session'), { force: true })
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  const [bareMs, firstFrameMs, firstKeyMs] = [median(bare), median(frames), median(keys)]
  return {
    bareMs,
    firstFrameMs,
    firstKeyMs,
    firstFrameRatio: firstFrameMs / bareMs,
    firstKeyRatio: firstKeyMs / bareMs,
  }
}
