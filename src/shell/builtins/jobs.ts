/** `jobs`, `fg`, `bg`, `wait`, `kill`, `disown`. */
import { findProcess } from '../../sim/kernel/task/process.ts'
import {
  isSpared,
  SIGNALS,
  signalGroup,
  signalName,
  signalNumber,
  signalProcess,
} from '../../sim/kernel/task/signal.ts'
import type { Interpreter } from '../interpreter.ts'
import { findJob, forgetJob, jobLine, pidHere, refreshJobs } from '../jobs.ts'
import { waitFor } from '../run/subshell.ts'
import type { Job } from '../state.ts'

export async function jobs(shell: Interpreter, words: readonly string[]): Promise<number> {
  refreshJobs(shell)
  for (const job of [...shell.state.jobs]) {
    if (words[1] === '-p') await shell.write(1, `${pidHere(shell, job.pids[0]!)}\n`)
    else await shell.write(1, jobLine(shell, job, words[1] === '-l'))
    if (job.state === 'done') forgetJob(shell, job)
  }
  return 0
}

async function wanted(shell: Interpreter, words: readonly string[]): Promise<Job | null> {
  refreshJobs(shell)
  const job = findJob(shell, words[1] === undefined || words[1].startsWith('%') ? words[1] : `%${words[1]}`)
  if (job !== undefined && job.state !== 'done') return job
  await shell.complain(`${words[0]}: ${words[1] ?? 'current'}: no such job`)
  return null
}

export async function foreground(shell: Interpreter, words: readonly string[]): Promise<number> {
  if (!shell.state.interactive) {
    await shell.complain('fg: no job control')
    return 1
  }
  const job = await wanted(shell, words)
  if (job === null) return 1
  await shell.write(1, `${job.text}\n`)
  const children = shell.children.get(job.number) ?? []
  forgetJob(shell, job)
  signalGroup(shell.system.world, shell.kernel, job.group, 18)
  if (children.length === 0) return 0
  return (await waitFor(shell, children, job.text)).at(-1)!
}

export async function background(shell: Interpreter, words: readonly string[]): Promise<number> {
  if (!shell.state.interactive) {
    await shell.complain('bg: no job control')
    return 1
  }
  const job = await wanted(shell, words)
  if (job === null) return 1
  signalGroup(shell.system.world, shell.kernel, job.group, 18)
  job.state = 'running'
  await shell.write(1, `[${job.number}]+ ${job.text} &\n`)
  return 0
}

export async function disown(shell: Interpreter, words: readonly string[]): Promise<number> {
  const job = await wanted(shell, words)
  if (job === null) return 1
  forgetJob(shell, job)
  return 0
}

export async function wait(shell: Interpreter, words: readonly string[]): Promise<number> {
  const names = words.slice(1).filter((word) => word !== '-n' && word !== '-f')
  if (names.length === 0) return waitForAll(shell, words.includes('-n'))
  let status = 0
  for (const name of names) {
    refreshJobs(shell)
    const job = findJob(shell, name)
    if (job !== undefined) status = await waitForJob(shell, job)
    else {
      const message = name.startsWith('%')
        ? `wait: ${name}: no such job`
        : `wait: pid ${name} is not a child of this shell`
      await shell.complain(message)
      status = 127
    }
  }
  return status
}

async function waitForAll(shell: Interpreter, one: boolean): Promise<number> {
  const running = (): Job[] => {
    refreshJobs(shell)
    return shell.state.jobs.filter((job) => job.state === 'running')
  }
  const before = running().length
  await shell.until(() => (one ? running().length < before || before === 0 : running().length === 0))
  const done = shell.state.jobs.filter((job) => job.state === 'done')
  for (const job of done) if (!shell.state.interactive || !one) forgetJob(shell, job)
  return one ? (done.at(-1)?.status ?? 127) : 0
}

async function waitForJob(shell: Interpreter, job: Job): Promise<number> {
  await shell.until(() => {
    refreshJobs(shell)
    return job.state === 'done'
  })
  forgetJob(shell, job)
  return job.status
}

export async function killProcesses(shell: Interpreter, words: readonly string[]): Promise<number> {
  const args = words.slice(1)
  if (args[0] === '-l' || args[0] === '-L') return listSignals(shell, args[1])
  let signal: number | null = 15
  if (args[0] === '-s' || args[0] === '-n') {
    signal = signalNumber(args[1] ?? '')
    args.splice(0, 2)
  } else if (/^-\w/.test(args[0] ?? '') && args.length > 1) signal = signalNumber(args.shift()!.slice(1))
  if (args[0] === '--') args.shift()
  if (signal === null) {
    await shell.complain(`kill: ${words[1]!.replace(/^-/, '')}: invalid signal specification`)
    return 1
  }
  if (args.length === 0) {
    await shell.write(
      2,
      'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
    )
    return 2
  }
  let status = 0
  for (const target of args) if (!(await killOne(shell, target, signal))) status = 1
  await shell.tick()
  return status
}

async function killOne(shell: Interpreter, target: string, signal: number): Promise<boolean> {
  const { kernel, process, system } = shell
  if (target.startsWith('%')) {
    refreshJobs(shell)
    const job = findJob(shell, target)
    if (job === undefined) {
      await shell.complain(`kill: ${target}: no such job`)
      return false
    }
    for (const pid of job.pids) signalProcess(system.world, kernel, pid, signal)
    return true
  }
  if (!/^-?\d+$/.test(target)) {
    await shell.complain(
      shell.state.dialect === 'bash'
        ? `kill: ${target}: arguments must be process or job IDs`
        : `kill: invalid number '${target}'`,
    )
    return false
  }
  const number = Number(target)
  const found = findProcess(kernel, process.pidns, Math.abs(number))
  if (found === undefined) {
    const where =
      shell.state.dialect === 'ash'
        ? `kill: can't kill pid ${target}`
        : shell.state.dialect === 'bash'
          ? `kill: (${target})`
          : 'kill'
    await shell.complain(
      shell.state.dialect === 'dash'
        ? 'kill: No such process'
        : `${where}${shell.state.dialect === 'bash' ? ' -' : ':'} No such process`,
    )
    return false
  }
  if (process.uid !== 0 && found.uid !== process.uid) {
    await shell.complain(`kill: (${target}) - Operation not permitted`)
    return false
  }
  if (number < 0) signalGroup(system.world, kernel, found.group, signal)
  else if (!isSpared(shell.process, found, signal)) signalProcess(system.world, kernel, found.pid, signal)
  return true
}

async function listSignals(shell: Interpreter, which: string | undefined): Promise<number> {
  if (which !== undefined) {
    const number = Number(which)
    await shell.write(
      1,
      Number.isNaN(number) ? `${signalNumber(which) ?? which}\n` : `${signalName(number & 127)}\n`,
    )
    return 0
  }
  const cells = Object.entries(SIGNALS).map(([name, number]) => `${String(number).padStart(2)}) SIG${name}`)
  let text = ''
  cells.forEach((cell, i) => {
    text += i % 5 === 4 || i === cells.length - 1 ? `${cell}\n` : `${cell}\t`
  })
  await shell.write(1, text)
  return 0
}
