/** su: another user's rights for a shell or one command. su(1). Not modelled: passwords, login shells. */
import { findAccount } from './attributes.ts'
import { readOptions, type Tool } from './tool.ts'

export const su: Tool = (context, flavour) => {
  const long = { shell: 'value', command: 'value', login: 'flag', 'preserve-environment': 'flag' } as const
  const argv = context.argv.map((word) => (word === '-' ? '-l' : word))
  const options = readOptions(
    { ...context, argv },
    flavour,
    { short: 's:c:lmp', long },
    '[-lmp] [-s SH] [-] [USER [FILE ARGS]]',
  )
  if (options === null) return 1
  const name = options.operands[0] ?? 'root'
  const account = findAccount(context, name)
  if (account === null) {
    context.err(
      flavour === 'gnu'
        ? `su: user ${name} does not exist or the user entry does not contain all the required fields\n`
        : `su: unknown user ${name}\n`,
    )
    return 1
  }
  if (context.process.uid !== 0 && account.uid !== context.process.uid) {
    context.err('su: Authentication failure\n')
    return 1
  }
  const shell = options.value('s', 'shell') ?? account.shell
  if (context.findProgram(shell) === null) {
    context.err(`su: failed to execute ${shell}: No such file or directory\n`)
    return 127
  }
  if (/nologin|false/.test(shell)) {
    context.out('This account is currently not available.\n')
    return 1
  }
  const env = new Map(context.process.env)
  env.set('HOME', account.home)
  env.set('SHELL', shell)
  if (account.uid !== 0) env.set('USER', name)
  const command = options.value('c', 'command')
  const cwd = options.has('l', 'login') ? account.home : context.process.cwd
  const capabilities = account.uid === 0 ? context.process.capabilities : new Set<string>()
  return context.exec([shell, ...(command === undefined ? [] : ['-c', command])], {
    uid: account.uid,
    capabilities,
    env,
    cwd,
  })
}
