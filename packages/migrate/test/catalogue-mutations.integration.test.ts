import { inject } from 'vitest';
import { describeMutations } from './catalogue-differences.ts';

describeMutations(inject('postgresMajor'));
