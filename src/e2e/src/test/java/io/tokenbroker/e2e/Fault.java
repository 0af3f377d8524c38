package io.tokenbroker.e2e;

import static org.awaitility.Awaitility.await;

import io.tokenbroker.e2e.Fleet.Instance;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What can happen to a fleet that is at work. Each is over, and everything that was killed started again, at its end. */
enum Fault {
    /** Killed with what it wanted of ACS on the wire: intents are written, and nothing was done. */
    KILLED_BEFORE_THE_CALL(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            awaitLoss(instance.acs().silence());
            killAndRestart(instance, random);
        }
    },
    /** Killed with ACS's answers on the wire: everything was done, and nobody knows. */
    KILLED_AFTER_THE_CALL(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            awaitLoss(instance.acs().deafen());
            killAndRestart(instance, random);
        }
    },
    /** Killed with a transaction's records in Kafka, and its end on the wire. */
    KILLED_BETWEEN_SEND_AND_COMMIT(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            awaitLoss(instance.kafka().hold(Link.END_TXN));
            killAndRestart(instance, random);
        }
    },
    KILLED(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            killAndRestart(instance, random);
        }
    },
    /** Killed while calls without an answer keep their records from being done with, but not those that came after. */
    KILLED_WITH_RECORDS_TO_BE_READ_AGAIN(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            emulate(fleet, random, "hang", "\"rate\":0.4");
            killAndRestart(instance, random);
        }
    },
    /** Longer than its session: others take over what it still believes to own when it wakes. */
    FROZEN(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            instance.process().freeze();
            between(random, 7, 12);
            instance.process().thaw();
        }
    },
    NAPPED(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            instance.process().freeze();
            between(random, 1, 5);
            instance.process().thaw();
        }
    },
    LEFT_AND_JOINED(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            instance.process().stop();
            between(random, 0, 3);
            instance.process().startAgain().awaitReady();
        }
    },
    ANOTHER_CAME_AND_WENT(Hits.NOBODY) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            BrokerProcess spare = fleet.spare().process();
            spare.startAgain().awaitReady();
            between(random, 2, 6);
            if (random.nextBoolean()) {
                spare.stop();
            } else {
                spare.kill();
            }
        }
    },
    KAFKA_KILLED(Hits.ALL) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            fleet.stack().restartKafka();
        }
    },
    KAFKA_CUT_OFF(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            instance.kafka().cut();
            between(random, 1, 9);
        }
    },
    KAFKA_SILENT(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            awaitLoss(instance.kafka().silence());
            between(random, 1, 9);
        }
    },
    KAFKA_SLOW(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            instance.kafka().slow(Duration.ofMillis(50 + random.nextInt(200)));
            between(random, 3, 8);
        }
    },
    ACS_CUT_OFF(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            instance.acs().cut();
            between(random, 1, 6);
        }
    },
    ACS_SILENT(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            awaitLoss(instance.acs().silence());
            between(random, 1, 6);
        }
    },
    /** Everything is done, and no answer arrives. */
    ACS_DEAF(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            awaitLoss(instance.acs().deafen());
            between(random, 1, 6);
        }
    },
    ACS_SLOW(Hits.ONE) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            instance.acs().slow(Duration.ofMillis(100 + random.nextInt(600)));
            between(random, 3, 8);
        }
    },
    /** A takeover that must not take the directory for complete before a dead producer's transaction has ended. */
    OPEN_TRANSACTION_ON_THE_DIRECTORY(Hits.ALL) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            // until well after the takeover
            try (DeadProducer dead = DeadProducer.dieIn(fleet.stack(), random, Duration.ofSeconds(20))) {
                // for what is committed meanwhile, and not to be read yet
                between(random, 2, 4);
                killAndRestart(instance, random);
                dead.awaitEndOfItsTransaction();
            }
        }
    },
    ACS_THROTTLES(Hits.NOBODY) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            emulate(fleet, random, "errors", "\"status\":429,\"rate\":0.5,\"retryAfterSeconds\":1");
        }
    },
    ACS_THROTTLES_AND_SAYS_NOT_FOR_HOW_LONG(Hits.NOBODY) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            emulate(fleet, random, "errors", "\"status\":429,\"rate\":0.5");
        }
    },
    ACS_FAILS(Hits.NOBODY) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            emulate(fleet, random, "errors", "\"status\":" + (500 + random.nextInt(5)) + ",\"rate\":0.5");
        }
    },
    ACS_HANGS(Hits.NOBODY) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            emulate(fleet, random, "hang", "\"rate\":0.2");
        }
    },
    ACS_LOSES_ANSWERS(Hits.NOBODY) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            emulate(fleet, random, "dropResponses", "\"rate\":0.3");
        }
    },
    WRONG_KEY(Hits.ALL) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            emulate(fleet, random, "errors", "\"status\":401,\"rate\":1");
        }
    },
    ACS_AWAY(Hits.ALL) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            fleet.acsAway();
            between(random, 2, 10);
            fleet.acsBack();
        }
    },
    ACS_AWAY_FOR_A_MINUTE(Hits.ALL) {
        @Override
        void strike(Fleet fleet, Instance instance, Random random) {
            fleet.acsAway();
            between(random, 60, 61);
            fleet.acsBack();
        }
    };

    /** Whom a fault keeps from working. */
    enum Hits {
        NOBODY,
        /** The others can do its work. */
        ONE,
        /** Nobody could go on, however good. */
        ALL
    }

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Hits hits;

    Fault(Hits hits) {
        this.hits = hits;
    }

    Hits hits() {
        return hits;
    }

    /** @param instance to hit, where one is */
    abstract void strike(Fleet fleet, Instance instance, Random random);

    /** As a sentence has it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static void killAndRestart(Instance instance, Random random) {
        instance.process().kill();
        instance.kafka().heal();
        instance.acs().heal();
        between(random, 0, 8);
        instance.process().startAgain().awaitReady();
    }

    static void emulate(Fleet fleet, Random random, String kind, String how) {
        fleet.stack()
                .emulator()
                .faults(Fleet.LATENCY + ",\"" + kind + "\":[{\"operation\":\"*\"," + how + "}],\"seed\":"
                        + random.nextInt(1_000_000) + "}");
        between(random, 2, 6);
        fleet.usualAcs();
    }

    /** Something is on its way whenever there is load. */
    static void awaitLoss(CompletableFuture<Void> loss) {
        loss.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** The load goes on meanwhile. */
    static void between(Random random, int seconds, int andSeconds) {
        Duration time = Duration.ofMillis(1000L * seconds + random.nextInt(1000 * (andSeconds - seconds)));
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }
}
