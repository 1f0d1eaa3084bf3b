import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { AnswerTo, Asked } from '../../read/questions.js';

/** Asks queries, of which only those that are registered compile. */
@Injectable()
export class Queries {
  constructor(private readonly bus: QueryBus) {}

  ask<Some extends Asked>(query: Some): Promise<AnswerTo<Some>> {
    return this.bus.execute<Some, AnswerTo<Some>>(query);
  }
}
