// Package natstask makes task functions of requests to a service on NATS, as an example of how a task can run elsewhere without a cluster for it.
package natstask

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/creche-go/creche/group"
)

// CancelHeader names the subject on which the caller tells that it does not want the answer any more. A service that works for long listens there.
const CancelHeader = "Creche-Cancel"

// Request returns a task function that sends arg to a service and returns its answer. When the task is cancelled the service is told, and has
// the grace to answer all the same.
//
// A request is made once. Whether a service that does not answer has done its work, nobody knows.
func Request[T any](nc *nats.Conn, subject string, arg any, grace time.Duration) func(ctx context.Context) (T, error) {
	return func(ctx context.Context) (v T, err error) {
		data, err := json.Marshal(arg)
		if err != nil {
			return v, err
		}
		cancel := nc.NewInbox()
		stop := context.AfterFunc(ctx, func() { _ = nc.Publish(cancel, nil) })
		defer stop()
		err = group.Shield(ctx, grace, func(shielded context.Context) error {
			answer, err := nc.RequestMsgWithContext(shielded, &nats.Msg{Subject: subject, Data: data, Header: nats.Header{CancelHeader: {cancel}}})
			if err != nil {
				return err
			}
			if code := answer.Header.Get(micro.ErrorCodeHeader); code != "" {
				return fmt.Errorf("%s: %s (%s)", subject, answer.Header.Get(micro.ErrorHeader), code)
			}
			return json.Unmarshal(answer.Data, &v)
		})
		if err != nil && ctx.Err() != nil {
			err = errors.Join(context.Cause(ctx), err)
		}
		return v, err
	}
}
