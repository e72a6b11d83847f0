/** How a shell of each kind begins its complaints: `bash: line 1: …`, `sh: …`, `./x.sh: line 3: …`. */
import type { Interpreter } from './interpreter.ts'

export function complain(shell: Interpreter, message: string): string {
  return `${prefix(shell)}${message}\n`
}

function prefix(shell: Interpreter): string {
  const { dialect, name } = shell.state
  if (dialect === 'ash') return shell.where === 'script' ? `${name}: line ${shell.line}: ` : `${name}: `
  if (dialect === 'dash')
    return shell.where === 'interactive' ? `${name}: ${shell.line}: ` : `${name}: ${shell.line}: `
  if (shell.where === 'interactive') return `${name}: `
  return `${name}: line ${shell.line}: `
}

export function notFound(shell: Interpreter, name: string): string {
  return shell.state.dialect === 'bash' ? `${name}: command not found` : `${name}: not found`
}

const ERRORS: Readonly<Record<string, string>> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  ESRCH: 'No such process',
  EINTR: 'Interrupted system call',
  EIO: 'Input/output error',
  ENXIO: 'No such device or address',
  EBADF: 'Bad file descriptor',
  EAGAIN: 'Resource temporarily unavailable',
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EXDEV: 'Invalid cross-device link',
  ENODEV: 'No such device',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ETXTBSY: 'Text file busy',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  EPIPE: 'Broken pipe',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  ERANGE: 'Numerical result out of range',
  EOPNOTSUPP: 'Operation not supported',
  ENAMETOOLONG: 'File name too long',
}

/** strerror(3). */
export function errorText(code: string): string {
  return ERRORS[code] ?? code
}
