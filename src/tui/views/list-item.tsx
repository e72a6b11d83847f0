/** A row of a list, handed to ink-select-input with its two looks. */
import type { ReactNode } from 'react'
import type { Line } from '../text/line.ts'
import { Lines } from './lines.tsx'

export interface ListItem {
  readonly label: string
  readonly value: number
  readonly key: string
  readonly plain: readonly Line[]
  readonly chosen: readonly Line[]
  readonly columns: number
}

export function Item(props: { isSelected?: boolean; label: string }): ReactNode {
  const { plain, chosen, columns, isSelected = false } = props as ListItem & { isSelected?: boolean }
  return <Lines lines={isSelected ? chosen : plain} columns={columns} />
}

/** The rows draw their own pointer. */
export function NoIndicator(): ReactNode {
  return null
}
