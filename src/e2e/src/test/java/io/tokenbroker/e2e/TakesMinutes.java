package io.tokenbroker.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What {@code verify} has no time for, and reports as skipped, unless it is run with {@code -De2e.long=true}. A shorter
 * test of the same promise belongs to {@code verify}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@EnabledIfSystemProperty(named = "e2e.long", matches = "true", disabledReason = "takes minutes: -De2e.long=true")
@interface TakesMinutes {}
