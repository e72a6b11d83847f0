/** cat, tee, tac: they pass on what they read as it comes. coreutils(1) */
import { appendFile, writeFile } from '../../sim/kernel/fs/files.ts'
import { allPieces, complainPath, linesOf, readAllText, readOptions, type Tool } from './tool.ts'

export const cat: Tool = async (context, flavour) => {
  const long = { number: 'flag', 'number-nonblank': 'flag', 'show-ends': 'flag', 'show-all': 'flag' } as const
  const options = readOptions(context, flavour, { short: 'nbeEvtTsAu', long }, '[-nbvteA] [FILE]...')
  if (options === null) return 1
  let failed = false
  const pieces = allPieces(context, flavour, options.operands, () => {
    failed = true
  })
  const numbers = options.has('n', 'number')
  const filled = options.has('b', 'number-nonblank')
  const marks = options.has('E', 'e', 'A', 'show-ends', 'show-all')
  const tabs = options.has('T', 't', 'A', 'show-all')
  const visible = options.has('v', 'e', 't', 'A', 'show-nonprinting', 'show-all')
  if (!numbers && !filled && !marks && !tabs && !visible) {
    for await (const piece of pieces) {
      context.out(piece)
      await context.flush()
    }
    return failed ? 1 : 0
  }
  let count = 0
  for await (const line of linesOf(pieces)) {
    const seen = visible ? controlsShown(line) : line
    const text = (tabs ? seen.replaceAll('\t', '^I') : seen).replace(/\n$/, marks ? '$\n' : '\n')
    const isCounted = filled ? line !== '\n' : numbers
    context.out(isCounted ? `${String(++count).padStart(6)}\t${text}` : text)
    await context.flush()
  }
  return failed ? 1 : 0
}

/** `-v`: what moves the cursor is written as `^X`, tabs and line ends aside. */
function controlsShown(line: string): string {
  return [...line]
    .map((one) => {
      const code = one.charCodeAt(0)
      if (code === 127) return '^?'
      return code < 32 && one !== '\t' && one !== '\n' ? `^${String.fromCharCode(code + 64)}` : one
    })
    .join('')
}

export const tee: Tool = async (context, flavour) => {
  const options = readOptions(context, flavour, { short: 'aip', long: { append: 'flag' } }, '[-ai] [FILE]...')
  if (options === null) return 1
  const { world, kernel, process } = context
  let status = 0
  const files = options.operands.filter((path) => {
    const opened = options.has('a', 'append')
      ? appendFile(world, kernel, process, path, '')
      : writeFile(world, kernel, process, path, '')
    if (!opened.ok) status = complainPath(context, 'gnu', path, opened.error.code)
    return opened.ok
  })
  for (let piece = await context.readChunk(); piece !== null; piece = await context.readChunk()) {
    for (const path of files) appendFile(world, kernel, process, path, piece)
    context.out(piece)
    await context.flush()
  }
  return status
}

export const tac: Tool = async (context, flavour) => {
  const { text, failed } = await readAllText(context, flavour, context.argv.slice(1))
  const lines = text.split(/(?<=\n)/)
  context.out(lines.reverse().join(''))
  return failed ? 1 : 0
}
