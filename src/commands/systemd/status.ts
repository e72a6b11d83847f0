/** What `systemctl status` shows of Docker's units. systemd systemctl-show.c. Not modelled: tasks, memory, processor time. */

import { formatTime } from '../../render/coreutils/strftime.ts'
import { humanDuration } from '../../render/docker/units.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import type { CommandContext } from '../context.ts'
import { journalLines } from './journalctl.ts'
import { processesBelow } from './processes.ts'
import type { UnitName } from './units.ts'

const SHOWN_LINES = 10

export function statusText(context: CommandContext, engine: Engine, unit: UnitName, state: string): string {
  return unit === 'docker.socket' ? socketText(state) : serviceText(context, engine, state)
}

function dot(state: string): string {
  return state === 'active' ? '●' : state === 'failed' ? '×' : '○'
}

function socketText(state: string): string {
  return `${dot(state)} docker.socket - Docker Socket for the API
     Loaded: loaded (/lib/systemd/system/docker.socket; enabled; preset: enabled)
     Active: ${state === 'active' ? 'active (running)' : state}
   Triggers: ● docker.service
     Listen: /run/docker.sock (Stream)
`
}

function serviceText(context: CommandContext, engine: Engine, state: string): string {
  const { world, kernel } = context
  const since = state === 'active' ? engine.startedUs : (engine.journal.at(-1)?.atUs ?? world.nowUs)
  const date = formatTime('%a %Y-%m-%d %H:%M:%S UTC', world.epochMs + since / 1000)
  const ago = `${humanDuration((world.nowUs - since) / 1e6)
    .replace('Less than a second', '0s')
    .replace(/ seconds?/, 's')} ago`
  const what =
    state === 'active'
      ? 'active (running)'
      : engine.restartPending === true
        ? 'activating (auto-restart) (Result: signal)'
        : state === 'failed'
          ? 'failed (Result: exit-code)'
          : 'inactive (dead)'
  const lines = [
    `${dot(state)} docker.service - Docker Application Container Engine`,
    '     Loaded: loaded (/lib/systemd/system/docker.service; enabled; preset: enabled)',
    `     Active: ${what} since ${date}; ${ago}`,
    'TriggeredBy: ● docker.socket',
    '       Docs: https://docs.docker.com',
  ]
  if (state === 'active') {
    const processes = processesBelow(kernel, engine.daemonPid)
    lines.push(`   Main PID: ${engine.daemonPid} (dockerd)`, '     CGroup: /system.slice/docker.service')
    processes.forEach((process, i) => {
      const branch = i === processes.length - 1 ? '└─' : '├─'
      lines.push(`             ${branch}${process.pid} ${process.argv.join(' ')}`)
    })
  }
  const log = journalLines(context, engine).slice(-SHOWN_LINES)
  return `${lines.join('\n')}\n${log.length > 0 ? `\n${log.join('\n')}\n` : ''}`
}
