export { TransferError, type TransferErrorCode } from './errors.ts';
export type { Session, Sessions } from './session.ts';
export {
  type Column,
  type Constraint,
  type OwnedSequence,
  readStructure,
  type TableStructure,
} from './structure.ts';
