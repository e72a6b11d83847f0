/** The way to a package mirror: its name is looked up and it is asked by HTTP, as any other client does. apt methods/{http,connect}.cc */

import { reapProcess, spawnProcess, startProcess } from '../../sim/kernel/task/process.ts'
import { signalProcess } from '../../sim/kernel/task/signal.ts'
import type { Descriptor } from '../../sim/kernel/task/types.ts'
import { type CurlProgram, curlProgram } from '../../sim/process/curl.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { CommandContext } from '../context.ts'

/** methods/connect.cc `Acquire::http::ConnectionAttemptDelay…`, `Timeout` */
const PATIENCE_US = 30_000_000

/** Null: the mirror answered; else why not, in apt's words. */
export async function askMirror(context: CommandContext, host: string, path: string): Promise<string | null> {
  const program = curlProgram({
    version: '',
    urls: [{ scheme: 'http', host, port: 80, path }],
    method: 'GET',
    headers: [],
    body: null,
    agent: 'Debian APT-HTTP/1.3 (2.0.9)',
    verbose: false,
    silent: true,
    showError: false,
    include: false,
    head: false,
    follow: false,
    failOnError: false,
    meter: false,
    output: null,
    remoteName: false,
    writeOut: null,
    maxTimeUs: null,
    connectTimeoutUs: PATIENCE_US,
    device: null,
    proxy: null,
    http09: false,
    resolve: [],
  })
  const { world, kernel, process } = context
  const nothing: Descriptor = { kind: 'null' }
  const child = spawnProcess(world, kernel, process, {
    argv: ['/usr/lib/apt/methods/http'],
    program,
    descriptors: new Map([0, 1, 2].map((fd) => [fd, nothing])),
  })
  startProcess(world, child)
  try {
    await context.until(() => child.exitStatus !== null)
  } catch (error) {
    signalProcess(world, kernel, child.pid, 9)
    throw error
  }
  const status = child.exitStatus ?? 0
  reapProcess(kernel, child.pid)
  return status === 0 ? null : reason(program, host, status)
}

const NO_NAME = 6
const TIMED_OUT = 28

function reason(program: CurlProgram, host: string, status: number): string {
  const outcome = program.lookup?.outcome
  if (status === NO_NAME) {
    const isAgain =
      outcome === undefined || outcome === null || (outcome.kind === 'failed' && outcome.reason === 'AGAIN')
    return isAgain ? `Temporary failure resolving '${host}'` : `Could not resolve '${host}'`
  }
  const address = outcome?.kind === 'addresses' ? formatIpv4(outcome.addresses[0] ?? 0) : ''
  const where = `${host}:80${address === '' ? '' : ` (${address})`}`
  return status === TIMED_OUT
    ? `Could not connect to ${where}, connection timed out`
    : `Could not connect to ${where}. - connect (111: Connection refused)`
}
