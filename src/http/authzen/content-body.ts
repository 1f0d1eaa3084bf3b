import { IsObject } from 'class-validator';
import { Whole } from '../door/validation.js';

/** A request of AuthZEN: of its fields, those that nobody knows are ignored. */
@Whole('content')
export class ContentBody {
  @IsObject()
  content!: Readonly<Record<string, unknown>>;
}
