/** Writes `test/not-modelled.md`: `node test/run-ts.mjs test/options/write-table.ts`, in the project's folder. */
import { writeFileSync } from 'node:fs'
import { tableOf } from './table.ts'
import { walkAll } from './walk.ts'

writeFileSync('test/not-modelled.md', tableOf(await walkAll()))
