export { TransferError, type TransferErrorCode } from './errors.ts';
export { countWorkflows, type RowFilter } from './filter.ts';
export { setMaskSecret } from './masking/mask-secret.ts';
export type { MaskTerms } from './masking/mask-terms.ts';
export { requireClassified } from './masking/require-classified.ts';
export { selectOf } from './masking/select-of.ts';
export type { Session, Sessions } from './session.ts';
export {
  type Column,
  type Constraint,
  type OwnedSequence,
  readStructure,
  type TableStructure,
} from './structure.ts';
