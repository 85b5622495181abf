export {
  type ConnectionGroup,
  type DatabaseStatus,
  readDatabaseStatus,
  type TableSize,
} from './activity/database-status.ts';
export { type Ending, endSession, findSession } from './activity/end-session.ts';
export { type Locks, readLocks, type Wait } from './activity/locks.ts';
export type { DatabaseSession } from './activity/sessions.ts';
export { archiveName, readArchiveName } from './archive/archive-name.ts';
export {
  type Backup,
  type BackupOptions,
  type BackupStep,
  backUp,
} from './archive/back-up.ts';
export type { BackupHeader } from './archive/backup-header.ts';
export type { Checksum } from './archive/checksums.ts';
export { isEncrypted, type Key, type Lock } from './archive/encryption.ts';
export { type ListedArchive, listArchives } from './archive/list-archives.ts';
export { type OpenArchive, openArchive } from './archive/open-archive.ts';
export { planRestore, type RestorePlan } from './archive/plan-restore.ts';
export type { ArchiveEntry } from './archive/read-tar.ts';
export { type ArchiveSource, restoreArchive } from './archive/restore-archive.ts';
export { type VerifiedArchive, verifyArchive } from './archive/verify-archive.ts';
export { type CopyOptions, copyInto } from './copy-into.ts';
export type { Content, CopyFormat } from './copy-table.ts';
export { type EmptiedTable, emptyTables } from './empty.ts';
export { TransferError, type TransferErrorCode } from './errors.ts';
export type { CopiedTable, CopyStep } from './fill-incoming.ts';
export { countWorkflows, isDay, type RowFilter } from './filter.ts';
export { type Head, headName, readHead } from './head.ts';
export { setMaskSecret } from './masking/mask-secret.ts';
export type { MaskTerms } from './masking/mask-terms.ts';
export { requireClassified } from './masking/require-classified.ts';
export { selectOf } from './masking/select-of.ts';
export { rebuild, rebuildEmpty } from './rebuild.ts';
export { type Receipt, readLastReceipt, type TransferKind } from './receipt.ts';
export { refresh } from './refresh.ts';
export {
  type Replacement,
  type ReplaceOptions,
  replaceTables,
  type TransferStep,
} from './replace-tables.ts';
export type { OtherSession, OthersOptions, OthersPolicy, OthersStep } from './require-alone.ts';
export type { Session, Sessions, Side } from './session.ts';
export {
  type Column,
  type Constraint,
  type OwnedSequence,
  readStructure,
  type TableStructure,
} from './structure.ts';
export type { Replaced } from './swap.ts';
export { type TargetSessions, withTarget } from './target-sessions.ts';
export { planUndo, undoTransfer } from './undo.ts';
