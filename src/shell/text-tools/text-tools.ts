/** Text tools that are not about networking (awk, sed, jq, find …) by just-bash, loaded when first asked for. */
import type { Command } from '../../commands/context.ts'
import { decodeUtf8 } from '../../sim/base/utf8.ts'
import { fileSystemFor } from './filesystem.ts'

/** By file-tree name: what the library calls the tool. */
const TOOLS: Readonly<Record<string, string>> = {
  'mawk/mawk': 'awk',
  'sed/sed': 'sed',
  jq: 'jq',
  'findutils/find': 'find',
  'coreutils/base64': 'base64',
  'coreutils/md5sum': 'md5sum',
  'coreutils/sha256sum': 'sha256sum',
  'coreutils/paste': 'paste',
  'coreutils/fold': 'fold',
  'coreutils/join': 'join',
  'coreutils/nl': 'nl',
  'coreutils/od': 'od',
  'coreutils/expr': 'expr',
  'coreutils/split': 'split',
  'coreutils/du': 'du',
}
const APPLETS = new Set([
  'awk',
  'sed',
  'find',
  'base64',
  'md5sum',
  'sha256sum',
  'paste',
  'fold',
  'nl',
  'od',
  'expr',
  'split',
  'du',
  'comm',
  'strings',
  'xxd',
])

export function textTool(program: string): Command | undefined {
  const name = TOOLS[program]
  return name === undefined ? undefined : runTool(name)
}

export function textApplet(name: string): Command | undefined {
  return APPLETS.has(name) ? runTool(name) : undefined
}

/** Tools that read stdin unless they are given files. */
const READS_STDIN = new Set([
  'awk',
  'sed',
  'jq',
  'base64',
  'md5sum',
  'sha256sum',
  'paste',
  'fold',
  'nl',
  'od',
  'strings',
  'xxd',
  'comm',
  'join',
])

function runTool(name: string): Command {
  return async (context) => {
    const stdin =
      READS_STDIN.has(name) && wantsStdin(name, context.argv.slice(1)) ? await context.readAll() : ''
    const { Bash } = await import('just-bash')
    const { process, world } = context
    const bash = new Bash({
      fs: fileSystemFor(context),
      cwd: process.cwd,
      env: Object.fromEntries(process.env),
      commands: [name as never],
      defenseInDepth: false,
    })
    const result = await bash.exec(name, { args: context.argv.slice(1), stdin, cwd: process.cwd })
    void world
    context.out(asText(result.stdout))
    context.err(asText(result.stderr))
    return result.exitCode
  }
}

function asText(output: string | Uint8Array): string {
  return typeof output === 'string' ? output : decodeUtf8(output)
}

/** sed and awk have their program first, unless `-e` or `-f` gives it. */
function wantsStdin(name: string, args: readonly string[]): boolean {
  const operands = args.filter((word, i) => !word.startsWith('-') && !takesValue(name, args[i - 1]))
  const hasProgram =
    (name === 'sed' && args.some((word) => /^(-\w*[ef]|--expression)/.test(word))) ||
    (name === 'awk' && args.some((word) => /^-f/.test(word)))
  const leading = (name === 'sed' || name === 'awk' || name === 'jq') && !hasProgram ? 1 : 0
  const inputs = operands.slice(leading).filter((word) => name !== 'awk' || !/^\w+=/.test(word))
  if (name === 'jq' && args.some((word) => word === '-n' || word === '--null-input')) return false
  return inputs.length === 0 || args.includes('-')
}

function takesValue(name: string, before: string | undefined): boolean {
  if (before === undefined) return false
  if (name === 'awk') return /^-[Fv]$/.test(before) || before === '-f'
  if (name === 'sed') return /^-\w*[efl]$/.test(before)
  if (name === 'jq') return /^--arg/.test(before)
  return /^-[dswnNtjAc]$/.test(before)
}
