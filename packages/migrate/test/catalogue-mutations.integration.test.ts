import { describeMutations } from './catalogue-differences.ts';

describeMutations(18);
