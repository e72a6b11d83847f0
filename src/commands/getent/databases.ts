/** The databases that are plain files: where they are, what finds an entry, how getent prints it. glibc nss/getent.c, nss/nss_files */

export interface FileDatabase {
  readonly path: string
  matches(entry: string, key: string): boolean
  line(entry: string): string
}

const words = (entry: string): string[] => entry.split(/\s+/)
const aliases = (list: readonly string[]): string => list.map((alias) => ` ${alias}`).join('')

const services: FileDatabase = {
  path: '/etc/services',
  matches(entry, key) {
    const [name = '', port = '', ...others] = words(entry)
    const [wanted = '', protocol] = key.split('/')
    const [number, own] = port.split('/')
    if (protocol !== undefined && protocol !== own) return false
    return /^\d+$/.test(wanted) ? number === wanted : name === wanted || others.includes(wanted)
  },
  line(entry) {
    const [name = '', port = '', ...others] = words(entry)
    return `${name.padEnd(21)} ${port}${aliases(others)}\n`
  },
}

const protocols: FileDatabase = {
  path: '/etc/protocols',
  matches(entry, key) {
    const [name, number, ...others] = words(entry)
    return /^\d+$/.test(key) ? number === key : name === key || others.includes(key)
  },
  line(entry) {
    const [name = '', number = '', ...others] = words(entry)
    return `${name.padEnd(21)} ${number}${aliases(others)}\n`
  },
}

const networks: FileDatabase = {
  path: '/etc/networks',
  matches(entry, key) {
    const [name, number, ...others] = words(entry)
    return /^\d/.test(key) ? number === key : name === key || others.includes(key)
  },
  line(entry) {
    const [name = '', number = '', ...others] = words(entry)
    return `${name.padEnd(21)} ${number}${aliases(others)}\n`
  },
}

/** `name:x:number:…` */
function colons(path: string): FileDatabase {
  return {
    path,
    matches(entry, key) {
      const [name, , number] = entry.split(':')
      return name === key || (/^\d+$/.test(key) && number === key)
    },
    line: (entry) => `${entry}\n`,
  }
}

export const fileDatabases: ReadonlyMap<string, FileDatabase> = new Map([
  ['services', services],
  ['protocols', protocols],
  ['networks', networks],
  ['passwd', colons('/etc/passwd')],
  ['group', colons('/etc/group')],
])
