import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, ValidateIf } from 'class-validator';

/** A field that may be absent, but is checked when it is null. */
export const MayBeAbsent = () => ValidateIf((_, value) => value !== undefined);

/** A field that may be absent, or null, which says the same. */
export const MayBeNull = () => applyDecorators(IsOptional(), ApiProperty({ nullable: true }));
