package io.tokenbroker.pipeline;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** That a blocked thread of the pipeline would be noticed in all the other tests. */
class BlockHoundTest {

    @Test
    void waitingOnAThreadThatMustNotWaitIsAnError() {
        CountDownLatch never = new CountDownLatch(1);

        StepVerifier.create(Mono.fromCallable(() -> never.await(1, TimeUnit.MILLISECONDS))
                        .subscribeOn(Schedulers.parallel()))
                .verifyError(BlockingOperationError.class);
    }
}
