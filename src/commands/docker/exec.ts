/** `docker exec`. docker/cli cli/command/container/exec.go (20.10) */
import { logContainer } from '../../sim/docker/events.ts'
import { execInContainer, prepareExec } from '../../sim/docker/exec.ts'
import { drawId } from '../../sim/docker/identifiers.ts'
import { readFile } from '../../sim/kernel/fs/files.ts'
import { containerOrError, daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'
import { kernelOfEngine } from './stream.ts'

export async function exec(call: Call): Promise<number> {
  const { context, flags, world } = call
  const [term = '', ...argv] = call.operands
  const engine = call.engine()
  const container = containerOrError(call, term)
  const tty = flags.bool('tty')
  const detached = flags.bool('detach')
  const interactive = flags.bool('interactive')
  if (!detached && tty && interactive && !context.inIsTerminal)
    throw new Refused('the input device is not a TTY')
  const request = {
    argv,
    env: environment(call),
    cwd: flags.text('workdir'),
    user: flags.text('user'),
    tty,
    privileged: flags.bool('privileged'),
  }
  const prepared = prepareExec(world, engine, container, request)
  if (!prepared.ok) {
    const { code, detail = '' } = prepared.error
    if (code === 'USER') {
      context.err(`${detail}\n`)
      return 126
    }
    if (code !== '126') throw new Refused(daemonError(detail))
    if (!detached) context.out(`${detail}\n`)
    else context.err(`${daemonError(detail)}\n`)
    return 126
  }
  const execID = drawId(world.random)
  const command = `${argv[0] ?? ''} ${argv.slice(1).join(' ')}`
  for (const step of ['exec_create', 'exec_start'])
    logContainer(world, engine, container, `${step}: ${command}`, { execID })
  if (detached) {
    execInContainer(world, engine, container, request)
    return 0
  }
  const kernel = kernelOfEngine(context, engine)
  const init = kernel.processes.get(container.state.pid)
  const status = await context.exec(argv, {
    netns: init?.netns ?? kernel.initialNetns,
    mountns: container.state.mountns,
    utsns: container.state.utsns,
    pidns: container.state.pidns,
    root: '/',
    cwd: prepared.value.cwd,
    env: prepared.value.env,
    uid: prepared.value.uid,
    gid: prepared.value.gid,
    capabilities: prepared.value.capabilities,
    host: engine.host,
    ...(interactive ? {} : { noInput: true }),
    ...(tty ? { announcesSize: true } : { throughPipes: true }),
  })
  logContainer(world, engine, container, 'exec_die', { execID, exitCode: String(status) })
  return status
}

function environment(call: Call): string[] {
  const fromFiles = call.flags.list('env-file').flatMap((path) => {
    const text = readFile(call.world, call.context.kernel, call.context.process, path)
    if (!text.ok) throw new Refused(`open ${path}: no such file or directory`)
    return text.value.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  })
  return [...fromFiles, ...call.flags.list('env')].flatMap((pair) => {
    if (pair.includes('=')) return [pair]
    const own = call.context.process.env.get(pair)
    return own === undefined ? [] : [`${pair}=${own}`]
  })
}
