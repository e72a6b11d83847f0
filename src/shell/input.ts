/** Reading from a descriptor of the shell's own process, a line or all of it. */
import { isEnd, readDescriptor, unread } from '../sim/kernel/task/descriptor.ts'
import type { Interpreter } from './interpreter.ts'
import { descriptorReady } from './ready.ts'

/** The next piece, or null at the end. */
export async function readPiece(shell: Interpreter, fd: number): Promise<string | null> {
  for (;;) {
    const piece = readDescriptor(shell.system.world, shell.kernel, shell.process, fd)
    if (isEnd(piece)) return null
    if (piece !== null) return piece
    await shell.until(() => descriptorReady(shell.kernel, shell.process, fd))
  }
}

/** Up to and including the delimiter; what follows stays for the next reader. Null: the end, nothing read. */
export async function readLine(shell: Interpreter, fd: number, delimiter = '\n'): Promise<string | null> {
  let text = ''
  for (;;) {
    const piece = await readPiece(shell, fd)
    if (piece === null) return text === '' ? null : text
    const end = piece.indexOf(delimiter)
    if (end === -1) {
      text += piece
      continue
    }
    unread(shell.kernel, shell.process, fd, piece.slice(end + 1))
    return text + piece.slice(0, end + 1)
  }
}
