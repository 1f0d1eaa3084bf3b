import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { Rejection } from '../../domain/rejection.js';

/** Lets an id of the path through: any text, but not a blank one. */
@Injectable()
export class PathId implements PipeTransform<unknown, string> {
  transform(value: unknown, { data }: ArgumentMetadata): string {
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw new Rejection(data === 'userId' ? 'missing_user_id' : 'missing_id');
  }
}
